/// The lines joined by newlines, ending in a newline if there is anything at all.
func joinScript(_ lines: some Sequence<ArraySlice<UInt8>>) -> [UInt8] {
  let newline = UInt8(ascii: "\n")
  var script: [UInt8] = []
  var isFirst = true
  for line in lines {
    if !isFirst { script.append(newline) }
    script += line
    isFirst = false
  }
  if let last = script.last, last != newline { script.append(newline) }
  return script
}
