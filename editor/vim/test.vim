" vim -Nes -u NONE --cmd 'set rtp^=editor/vim' -S editor/vim/test.vim: exits 1 and says what is wrong.
filetype on
syntax on
let s:sample = tempname()
call writefile([
  \ '#!/usr/bin/env plash-exec',
  \ '--# comment',
  \ '--from alpine',
  \ '-Ax curl',
  \ '--run',
  \ 'for i in 1; do echo "hi"; done',
  \ '--\ -x',
  \ '--entrypoint-script',
  \ '#!/usr/bin/env python3',
  \ 'import os',
  \ '--layer',
  \ '--write-file /a',
  \ '--<<END',
  \ '-- text',
  \ 'END'], s:sample)
execute 'edit ' . s:sample

let s:failures = []
function s:expect(line, column, pattern)
  let name = synIDattr(synID(a:line, a:column, 1), 'name')
  if name !~# a:pattern
    call add(s:failures, a:line . ':' . a:column . ' is ' . string(name) . ', not ' . a:pattern)
  endif
endfunction

if &filetype !=# 'plashfile'
  call add(s:failures, 'the file type is ' . string(&filetype))
endif
call s:expect(1, 1, '^plashShebang$')
call s:expect(2, 1, '^plashComment$')
call s:expect(3, 1, '^plashName$')
call s:expect(4, 1, '^plash\(Short\|Name\)$')
call s:expect(5, 1, '^plashName$')
call s:expect(6, 1, '^sh')
call s:expect(6, 20, '^sh')
call s:expect(7, 1, '^plashEscape$')
call s:expect(8, 1, '^plashName$')
call s:expect(10, 1, '^python')
call s:expect(11, 1, '^plashName$')
call s:expect(13, 1, '^plashBlockEdge$')
if !empty(s:failures)
  call writefile(s:failures, '/dev/stderr')
  cquit
endif
qall!
