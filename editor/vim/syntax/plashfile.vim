" Plashfiles, with their scripts in the language of their first line.
if exists('b:current_syntax')
  finish
endif

" What scripts in a Plashfile may be written in, by a word of their first line.
let s:languages = {'python': 'python', 'perl': 'perl', 'ruby': 'ruby', 'node': 'javascript'}

let b:is_posix = 1
syntax include @plashSh syntax/sh.vim
unlet! b:current_syntax
for s:syntax in values(s:languages)
  execute 'syntax include @plash_' . s:syntax . ' syntax/' . s:syntax . '.vim'
  unlet! b:current_syntax
endfor

syntax match plashMacro /^-.*/ contains=plashName,plashShort
syntax match plashName /^--\S\+/ contained
syntax match plashShort /^-[^-[:space:]]\S*/ contained

" A script goes on until a line that begins with `-` and is no comment, no escape and no block.
let s:until = ' end=/^\ze-\%([#\\<]\)\@!\%(-[#\\<]\)\@!/ keepend contains=plashComment,plashEscape,plashBlockEdge,'
let s:shell = '--\%(run\|entrypoint-script\|write-script\)\|-\a*x'
execute 'syntax region plashScript matchgroup=plashName start=/^\%(' . s:shell . '\)\ze\%(\s\|$\)/' . s:until . '@plashSh'
for [s:word, s:syntax] in items(s:languages)
  execute 'syntax region plashScript matchgroup=plashName'
    \ . ' start=/^--\%(entrypoint-script\|write-script\)\%(\s.*\)\?\ze\n\%(--<<.*\n\)\?#!.*\<' . s:word . '/'
    \ . s:until . '@plash_' . s:syntax
endfor

syntax match plashBlockEdge /^--<<\S\+\s*$/
syntax match plashEscape /^--\\\%( \|$\)/
syntax match plashComment /^--#.*/ contains=@Spell
syntax match plashShebang /\%^#!\/.*/

highlight default link plashName Statement
highlight default link plashShort Statement
highlight default link plashBlockEdge Delimiter
highlight default link plashEscape Special
highlight default link plashComment Comment
highlight default link plashShebang PreProc

syntax sync fromstart
let b:current_syntax = 'plashfile'
