/// The version of this program.
public enum GatewayVersion {
    /// By the rules of semantic versioning.
    public static let number = "0.1.0"
}
