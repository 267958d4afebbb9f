// swift-tools-version: 6.2

import PackageDescription

// The modules are those of the main package, by symbolic links, so that the fuzzer's coverage is measured in them.
// Unsafe flags are allowed here because nothing depends on this package.

let sanitizers = "-sanitize=fuzzer,address"

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableExperimentalFeature("Lifetimes"),
    .unsafeFlags([sanitizers, "-parse-as-library", "-enable-testing"]),
]

func module(_ name: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = []) -> Target {
    .target(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: strict)
}

// Executables start at `NAME_main`; CFuzzMain has one for each.
func fuzzer(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .executableTarget(
        name: name, dependencies: ["CFuzzMain", "FuzzSupport"] + dependencies, swiftSettings: strict,
        linkerSettings: [.unsafeFlags([sanitizers])])
}

let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let cryptoExtras = Target.Dependency.product(name: "CryptoExtras", package: "swift-crypto")
let swiftASN1 = Target.Dependency.product(name: "SwiftASN1", package: "swift-asn1")
let swiftCSV = Target.Dependency.product(name: "SwiftCSV", package: "SwiftCSV")
let swiftProtobuf = Target.Dependency.product(name: "SwiftProtobuf", package: "swift-protobuf")
let x509 = Target.Dependency.product(name: "X509", package: "swift-certificates")
let xmlCoder = Target.Dependency.product(name: "XMLCoder", package: "XMLCoder")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

let package = Package(
    name: "qiao-fuzzing",
    dependencies: [
        .package(url: "https://github.com/apple/swift-asn1", from: "1.7.4"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/CoreOffice/XMLCoder", from: "0.18.2"),
        .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0", traits: []),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swiftcsv/SwiftCSV", from: "0.10.0"),
    ],
    targets: [
        module("Findings"),
        module("CanonicalRecords", ["Findings", swiftProtobuf], exclude: ["Protos"]),
        module("TextEncodings", ["Findings"], exclude: ["Tables"]),
        module("XMLFilings", ["Findings"]),
        module("CSVRosters", ["Findings"]),
        module(
            "Mappings",
            ["Findings", "CanonicalRecords", "TextEncodings", "XMLFilings", "CSVRosters", swiftCSV, yams]),
        module("ExporterProtocol", ["Findings", "CanonicalRecords", swiftProtobuf], exclude: ["Protos"]),
        .systemLibrary(name: "CLibarchive", pkgConfig: "libarchive", providers: [.apt(["libarchive-dev"])]),
        .systemLibrary(name: "CLibcrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        module(
            "SignedPackages",
            ["Findings", "XMLFilings", "CLibarchive", "CLibcrypto", crypto, cryptoExtras, swiftASN1, x509, xmlCoder]),
        .target(name: "CFuzzMain"),
        module("FuzzSupport", ["Findings"]),
        fuzzer("FuzzXML", ["Findings", "XMLFilings"]),
        fuzzer("FuzzXMLParser", ["Findings", "XMLFilings"]),
        fuzzer("FuzzCSV", ["Findings", "CSVRosters"]),
        fuzzer("FuzzSwiftCSV", ["Findings", "CSVRosters", swiftCSV]),
        fuzzer("FuzzEncodings", ["TextEncodings"]),
        fuzzer("FuzzMappingFiles", ["Mappings", "Findings", "TextEncodings"]),
        fuzzer("FuzzDocuments", ["Mappings", "Findings", "TextEncodings", "CanonicalRecords", swiftProtobuf]),
        fuzzer("FuzzFrames", ["ExporterProtocol"]),
        fuzzer("FuzzRecords", ["CanonicalRecords", swiftProtobuf]),
        fuzzer("FuzzMessages", ["SignedPackages"]),
        fuzzer("FuzzContainers", ["SignedPackages"]),
    ],
    swiftLanguageModes: [.v6]
)
