autocmd BufNewFile,BufRead *.plash,plashfile,Plashfile setfiletype plashfile
autocmd BufNewFile,BufRead * if getline(1) =~# '^#!.*\<plash-exec\>' | set filetype=plashfile | endif
