/// A piece of a source text, in byte offsets.
typealias SourceSpan = Range<Int>
