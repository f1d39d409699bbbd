internal import CCurl
internal import PlashRuntime

/// One request and its answer.
final class Transfer {
  private let handle: UnsafeMutableRawPointer
  private let words: UnsafeMutablePointer<CChar>
  private var headerList: UnsafeMutablePointer<curl_slist>?
  private let settings: DownloadSettings
  private let sink: any TransferSink
  private(set) var headers = AnswerHeaders()
  private var received = 0
  private var started = false
  private var wasSecure = false
  private var failure: ImportError?
  private let address: WebAddress
  private let offset: Int
  private let resumedTag: Bytes?

  /// - Parameter resuming: how many bytes are here already, and the strong entity tag of what they are a part of.
  init(
    _ address: WebAddress, _ settings: DownloadSettings, to sink: any TransferSink,
    resuming: (offset: Int, entityTag: Bytes)?
  ) {
    guard let handle = curl_easy_init() else { preconditionFailure("libcurl has no memory") }
    self.handle = handle
    words = .allocate(capacity: Int(CURL_ERROR_SIZE))
    words.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    self.settings = settings
    self.sink = sink
    self.address = address
    offset = resuming?.offset ?? 0
    resumedTag = resuming?.entityTag
    setAddress()
    setLimits()
    setReceivers()
    if let resuming { ask(for: resuming) }
  }

  deinit {
    curl_easy_cleanup(handle)
    curl_slist_free_all(headerList)
    words.deallocate()
  }

  /// Makes the request. Afterwards the sink has the body of an answer that is one.
  func perform() throws(ImportError) {
    let code = curl_easy_perform(handle)
    if let failure { throw failure }
    if code != CURLE_OK { throw fault(code) }
    if headers.isContradictory { throw fault(.senselessAnswer) }
    if !started { try start() }
  }

  private func fault(_ fault: DownloadFault) -> ImportError { .download(address.withoutCredentials, fault) }

  private func fault(_ code: CURLcode) -> ImportError {
    switch code {
    case CURLE_TOO_MANY_REDIRECTS, CURLE_UNSUPPORTED_PROTOCOL: fault(.redirection)
    case CURLE_PEER_FAILED_VERIFICATION: fault(.certificate(Bytes(cString: words)))
    // What libcurl calls a header line of more than 100 kB.
    case CURLE_OUT_OF_MEMORY: fault(.senselessAnswer)
    default: fault(.transfer(Bytes(cString: curl_easy_strerror(code))))
    }
  }

  /// The answer's headers are here: is it the one that was asked for?
  private func start() throws(ImportError) {
    started = true
    // A file has no status.
    let isPart = headers.status == 206 && offset > 0 && headers.rangeStart == offset
    // Not all servers know If-Range: a part of something else is as good as none.
    if isPart, headers.entityTag != resumedTag { throw fault(.status(416)) }
    guard headers.status == 200 || isPart || (headers.status == 0 && !address.isWeb) else {
      throw fault(headers.status == 206 ? .senselessAnswer : .status(headers.status))
    }
    if headers.isContradictory { throw fault(.senselessAnswer) }
    if let length = headers.length, length > settings.limit { throw fault(.tooLarge(settings.limit)) }
    try sink.begin(at: isPart ? offset : 0, length: headers.length, entityTag: headers.entityTag)
    received = isPart ? offset : 0
  }

  /// Whether a request may be made, the first one or that of a redirection: never from https to where others can read and
  /// change what passes, on whichever way it came to https.
  private func mayAsk() -> Bool {
    let next = plash_curl_text(handle, CURLINFO_EFFECTIVE_URL).flatMap { WebAddress(Bytes(cString: $0)) }
    let isSecure = next?.isSecure ?? false
    if wasSecure && !isSecure { failure = fault(.redirection) }
    wasSecure = isSecure
    return failure == nil
  }

  private func receiveHeader(_ line: Bytes) -> Bool {
    if headers.add(line) { return true }
    failure = fault(.senselessAnswer)
    return false
  }

  private func receive(_ bytes: UnsafeRawBufferPointer) -> Bool {
    do throws(ImportError) {
      if !started { try start() }
      received += bytes.count
      if received > settings.limit { throw fault(.tooLarge(settings.limit)) }
      try sink.receive(bytes)
      return true
    } catch {
      failure = error
      return false
    }
  }
}

// MARK: - Options

extension Transfer {
  private func set(_ option: CURLoption, _ value: Int) { plash_curl_set_number(handle, option, value) }

  private func set(_ option: CURLoption, _ value: Bytes) {
    _ = value.withCString { plash_curl_set_pointer(handle, option, $0) }
  }

  private func setAddress() {
    set(CURLOPT_URL, address.text)
    set(CURLOPT_PROTOCOLS_STR, Bytes("http,https,file"))
    // Never to a file of this machine, and from https not even a connection to where others can read; see `mayAsk`.
    set(CURLOPT_REDIR_PROTOCOLS_STR, address.isSecure ? Bytes("https") : Bytes("http,https"))
    set(CURLOPT_FOLLOWLOCATION, 1)
    set(CURLOPT_MAXREDIRS, 5)
    set(CURLOPT_USERAGENT, Bytes("plash"))
    // Passwords that the address does not have: those of ~/.netrc.
    set(CURLOPT_NETRC, Int(CURL_NETRC_OPTIONAL.rawValue))
    if let certificates = settings.certificates { set(CURLOPT_CAINFO, certificates) }
  }

  private func setLimits() {
    set(CURLOPT_NOSIGNAL, 1)
    set(CURLOPT_CONNECTTIMEOUT, settings.connectTime)
    set(CURLOPT_LOW_SPEED_LIMIT, 1000)
    set(CURLOPT_LOW_SPEED_TIME, settings.stallTime)
  }

  private func setReceivers() {
    let context = Unmanaged.passUnretained(self).toOpaque()
    plash_curl_set_pointer(handle, CURLOPT_WRITEDATA, context)
    plash_curl_set_pointer(handle, CURLOPT_HEADERDATA, context)
    plash_curl_set_pointer(handle, CURLOPT_ERRORBUFFER, words)
    plash_curl_set_pointer(handle, CURLOPT_XFERINFODATA, context)
    plash_curl_set_receiver(handle, CURLOPT_WRITEFUNCTION) { bytes, _, count, context in
      Transfer.of(context).receive(UnsafeRawBufferPointer(start: bytes, count: count)) ? count : 0
    }
    plash_curl_set_receiver(handle, CURLOPT_HEADERFUNCTION) { bytes, _, count, context in
      Transfer.of(context).receiveHeader(Bytes(UnsafeRawBufferPointer(start: bytes, count: count))) ? count : 0
    }
    plash_curl_set_pointer(handle, CURLOPT_PREREQDATA, context)
    plash_curl_set_prerequisite(handle) { context, _, _, _, _ in
      Transfer.of(context).mayAsk() ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
    }
    set(CURLOPT_NOPROGRESS, settings.progress == nil ? 1 : 0)
    plash_curl_set_progress(handle) { context, total, _, _, _ in
      let transfer = Transfer.of(context)
      let whole = total > 0 && transfer.started ? Int(total) + transfer.offsetOfPart : nil
      transfer.settings.progress?(transfer.received, whole)
      return 0
    }
  }

  private var offsetOfPart: Int { headers.status == 206 ? offset : 0 }

  private func ask(for rest: (offset: Int, entityTag: Bytes)) {
    set(CURLOPT_RANGE, Bytes("\(rest.offset)-".utf8))
    headerList = (Bytes("If-Range: ") + rest.entityTag).withCString { curl_slist_append(nil, $0) }
    plash_curl_set_pointer(handle, CURLOPT_HTTPHEADER, headerList)
  }

  private static func of(_ context: UnsafeMutableRawPointer?) -> Transfer {
    guard let context else { preconditionFailure("libcurl lost its context") }
    return Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
  }
}
