import Foundation

/// The path of the program that calls the library as the tests need it; it lies beside the test bundle.
let probe = Bundle.main.bundleURL.appendingPathComponent("image-probe").path
