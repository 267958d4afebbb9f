/// How a signed package is put together.
public enum PackageKind: String, Sendable, Hashable, Codable, CaseIterable {
    /// CMS or GB/T 35275 SignedData with the document inside.
    case cmsAttached = "cms-attached"
    /// CMS or GB/T 35275 SignedData over a document that lies beside it.
    case cmsDetached = "cms-detached"
    /// ETSI EN 319 162-1 container with manifests: several documents.
    case asicE = "asic-e"
    /// ETSI EN 319 162-1 container of one document and one signature.
    case asicS = "asic-s"
    /// SignedData that holds certificates and no signature.
    case certificates
}

/// Which family of object identifiers a SignedData is written with, as it was seen.
public enum CMSProfile: String, Sendable, Hashable, Codable, CaseIterable {
    /// RFC 5652.
    case cms
    /// GB/T 35275 (GM/T 0010).
    case gbt35275 = "gb/t-35275"
}
