import PlashDriver
import PlashRuntime

extension Command {
  static let shrink = Command(
    name: "shrink", arguments: "",
    description: """
      Delete the older half of the images.
      Those that were not used for the longest time go first, also those with names. What others are built on, or what is in
      use, stays.
      """,
    counts: 0...0
  ) { _, session throws(DriverError) in
    let images = try ImageList(session)
    try images.remove(images.olderHalf())
  }
}
