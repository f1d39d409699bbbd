// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
  // What is known of generic types when they are compiled is not worked out again at each start (docs/decisions/0002).
  .unsafeFlags(["-Xfrontend", "-prespecialize-generic-metadata"]),
]

/// The start path is one static file: nothing to load, nothing to find (docs/decisions/0002).
/// What a start calls lies side by side (tools/symbol-order).
let fullyStatic: [LinkerSetting] = [
  .unsafeFlags([
    "-static-executable", "-use-ld=lld", "-Xlinker", "--no-warn-symbol-ordering",
    "-Xlinker", "--symbol-ordering-file=\(Context.packageDirectory)/Sources/symbol-order.txt",
  ])
]

let package = Package(
  name: "plash",
  products: [
    .executable(name: "plash", targets: ["plash"]),
    .executable(name: "plash-exec", targets: ["plash-exec"]),
    .executable(name: "plash-import", targets: ["plash-import"]),
  ],
  targets: [
    .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
    .target(name: "CPlashShims", cSettings: [.unsafeFlags(["-Wall", "-Wextra", "-Werror"])]),
    .target(
      name: "PlashMacros", path: "macros", exclude: ["standard.yaml"],
      cSettings: [.unsafeFlags(["-std=c23", "-Wall", "-Wextra", "-Werror"])]),
    .target(name: "PlashLang", dependencies: ["CYAML"], swiftSettings: strict),
    .target(name: "PlashRuntime", dependencies: ["CPlashShims"], swiftSettings: strict),
    .target(
      name: "PlashDriver", dependencies: ["PlashLang", "PlashMacros", "PlashRuntime"], swiftSettings: strict),
    .systemLibrary(name: "CArchive", pkgConfig: "libarchive", providers: [.apt(["libarchive-dev"])]),
    .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
    .systemLibrary(name: "CGpgme", pkgConfig: "gpgme", providers: [.apt(["libgpgme-dev"])]),
    .systemLibrary(name: "CLZMA", pkgConfig: "liblzma", providers: [.apt(["liblzma-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CNettle", pkgConfig: "nettle", providers: [.apt(["nettle-dev"])]),
    .target(
      name: "PlashImages",
      dependencies: ["CArchive", "CCurl", "CGpgme", "CLZMA", "CNettle", "CPlashShims", "CZlib", "PlashRuntime"],
      swiftSettings: strict),
    .executableTarget(name: "plash-import", dependencies: ["PlashImages"], swiftSettings: strict),
    .executableTarget(
      name: "plash", dependencies: ["PlashDriver"], swiftSettings: strict, linkerSettings: fullyStatic),
    .executableTarget(
      name: "plash-exec", dependencies: ["PlashDriver"], swiftSettings: strict, linkerSettings: fullyStatic),
    .testTarget(
      name: "PlashLangTests", dependencies: ["PlashLang", "PlashMacros"], exclude: ["eval-cases.json"],
      swiftSettings: strict),
    .executableTarget(
      name: "image-probe", dependencies: ["PlashImages"], path: "Tests/image-probe", swiftSettings: strict),
    .testTarget(
      name: "PlashImagesTests", dependencies: ["PlashImages", "image-probe"], exclude: ["Corpus"],
      swiftSettings: strict),
    .testTarget(name: "PlashRuntimeTests", dependencies: ["PlashRuntime"], swiftSettings: strict),
  ]
)
