// swift-tools-version: 6.2
import PackageDescription

let common: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

// `#expect` expands to unsafe code, so strict memory safety is for sources only.
let source: [SwiftSetting] =
    common + [
        .strictMemorySafety(),
        .enableExperimentalFeature("Lifetimes"),
    ]

let system = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
let orderedCollections = Target.Dependency.product(
    name: "OrderedCollections", package: "swift-collections")
let complex = Target.Dependency.product(name: "ComplexModule", package: "swift-numerics")
let real = Target.Dependency.product(name: "RealModule", package: "swift-numerics")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let bigInt = Target.Dependency.product(name: "BigInt", package: "BigInt")
let arguments = Target.Dependency.product(
    name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
    name: "swift-torch-checkpoint",
    platforms: [.macOS(.v15), .iOS(.v18), .tvOS(.v18), .watchOS(.v11), .visionOS(.v2)],
    products: [
        .library(name: "TorchCheckpoint", targets: ["TorchCheckpoint"]),
        .executable(name: "pth", targets: ["pth"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-numerics", from: "1.1.1"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/attaswift/BigInt", from: "6.0.1"),
    ],
    targets: [
        .systemLibrary(
            name: "CLibzip", pkgConfig: "libzip",
            providers: [.apt(["libzip-dev"]), .brew(["libzip"])]),
        .systemLibrary(
            name: "CLibdeflate", pkgConfig: "libdeflate",
            providers: [.apt(["libdeflate-dev"]), .brew(["libdeflate"])]),
        .target(
            name: "ByteIO", dependencies: ["CLibdeflate", system], swiftSettings: source),
        .target(
            name: "ZipArchive", dependencies: ["ByteIO", "CLibdeflate", "CLibzip"],
            swiftSettings: source),
        .target(
            name: "Pickle", dependencies: ["ByteIO", bigInt], swiftSettings: source),
        .target(
            name: "Tensors", dependencies: ["ByteIO", complex],
            swiftSettings: source),
        .target(
            name: "Safetensors", dependencies: ["ByteIO", "Tensors", orderedCollections, system],
            swiftSettings: source),
        .target(
            name: "TorchCheckpoint",
            dependencies: [
                "ByteIO", "ZipArchive", "Pickle", "Tensors", "Safetensors", bigInt, complex,
                orderedCollections, system,
            ],
            swiftSettings: source),
        .executableTarget(
            name: "pth", dependencies: ["TorchCheckpoint", arguments, crypto, system],
            swiftSettings: source),
        .executableTarget(
            name: "checkpoint-bench", dependencies: ["TorchCheckpoint"], swiftSettings: common),
        // A worked example, in no product: a network that trains on from checkpoints.
        .target(
            name: "ExampleMLP", dependencies: ["TorchCheckpoint", real], swiftSettings: source),
        .executableTarget(
            name: "train-mlp", dependencies: ["ExampleMLP", "TorchCheckpoint", arguments, system],
            swiftSettings: source),
        // In no product: any bytes, held against what the library promises. See Specs/fuzzing.md.
        .target(
            name: "FuzzTargets",
            dependencies: [
                "ByteIO", "ZipArchive", "Pickle", "Tensors", "Safetensors", "TorchCheckpoint",
            ],
            swiftSettings: common),
        .executableTarget(
            name: "fuzz-checkpoint", dependencies: ["FuzzTargets"], swiftSettings: common),
        .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: common),
        .testTarget(
            name: "ByteIOTests", dependencies: ["ByteIO", "TestSupport", system],
            swiftSettings: common),
        .testTarget(
            name: "ZipArchiveTests", dependencies: ["ZipArchive", "ByteIO", "TestSupport", system],
            swiftSettings: common),
        .testTarget(
            name: "PickleTests",
            dependencies: ["Pickle", "ZipArchive", "ByteIO", "TestSupport", bigInt, system],
            swiftSettings: common),
        .testTarget(
            name: "TensorsTests", dependencies: ["ByteIO", "Tensors", "TestSupport", complex],
            swiftSettings: common),
        .testTarget(
            name: "SafetensorsTests",
            dependencies: [
                "ByteIO", "Safetensors", "Tensors", "TestSupport", orderedCollections, system,
            ],
            swiftSettings: common),
        .testTarget(
            name: "TorchCheckpointTests",
            dependencies: [
                "TorchCheckpoint", "ZipArchive", "ByteIO", "TestSupport", crypto, system,
            ],
            swiftSettings: common),
        .testTarget(
            name: "CommandLineTests", dependencies: ["pth", "TestSupport"], swiftSettings: common),
        .testTarget(
            name: "ExampleMLPTests",
            dependencies: ["ExampleMLP", "TorchCheckpoint", "TestSupport", "train-mlp"],
            swiftSettings: common),
        .testTarget(
            name: "FuzzRegressionTests", dependencies: ["FuzzTargets", "TestSupport"],
            swiftSettings: common),
        .executableTarget(
            name: "check-threads", dependencies: ["TorchCheckpoint"], path: "Tests/ThreadCheck",
            exclude: ["suppressions.txt"], swiftSettings: common),
        .target(name: "CFaultInjector", path: "Tests/CFaultInjector"),
        .testTarget(
            name: "FaultTests",
            dependencies: ["CFaultInjector", "TorchCheckpoint", "TestSupport", system],
            swiftSettings: common),
        .target(name: "CAllocationCounter", path: "Tests/CAllocationCounter"),
        .testTarget(
            name: "PerformanceTests",
            dependencies: [
                "CAllocationCounter", "TorchCheckpoint", "TestSupport", "pth", "checkpoint-bench",
            ],
            swiftSettings: common),
    ]
)
