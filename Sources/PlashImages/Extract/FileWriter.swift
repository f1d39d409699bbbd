internal import Glibc
internal import PlashRuntime

/// A thread that writes files: names are made by the reader, in the order of the archive, and only then does a
/// writer get the open file. So what lies where does not depend on how fast the writers are.
final class FileWriter: @unchecked Sendable {
  struct Job: Sendable {
    let file: OutputFile
    let slices: [Slice]
    let isLast: Bool
  }

  private let jobs = Channel<Job>(capacity: 64)
  private let monitor = Monitor()
  private var thread = pthread_t()
  private var failure: ImportError?
  private var refused = 0

  /// Starts that many.
  static func start(_ count: Int) throws(ImportError) -> [FileWriter] {
    var writers: [FileWriter] = []
    do throws(ImportError) {
      for _ in 0..<count { writers.append(try FileWriter()) }
    } catch {
      for writer in writers { _ = writer.finish() }
      throw error
    }
    return writers
  }

  private init() throws(ImportError) {
    let context = Unmanaged.passRetained(self)
    let code = pthread_create(&thread, nil, { FileWriter.main($0) }, context.toOpaque())
    if code != 0 {
      context.release()
      throw .system(SystemError(call: "pthread_create", code: code))
    }
  }

  /// Hands over a piece of work. Throws what an earlier one failed with.
  func send(_ job: Job) throws(ImportError) {
    if let failure = monitor.locked({ failure }) { throw failure }
    jobs.send(job)
  }

  /// Waits until all is written. Gives the number of attributes that were refused, or the failure.
  func finish() -> Result<Int, ImportError> {
    jobs.close()
    pthread_join(thread, nil)
    return failure.map { .failure($0) } ?? .success(refused)
  }

  private static func main(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let context else { preconditionFailure("a writer without context") }
    let writer = Unmanaged<FileWriter>.fromOpaque(context).takeRetainedValue()
    while let job = writer.jobs.receive() { writer.perform(job) }
    return nil
  }

  /// After a failure the other jobs are only let go, so that the reader never waits for ever.
  private func perform(_ job: Job) {
    if failure != nil { return }
    do throws(ImportError) {
      for slice in job.slices { try job.file.write(slice.bytes) }
      if job.isLast { refused += try job.file.finish() }
    } catch {
      monitor.locked { failure = error }
    }
  }
}
