/// What commands say that read documents and not the packages that documents may be in.
enum SignedPackageText {
    static func notRead(_ file: FileArgument) -> String {
        """
        \(file.displayed) is a signed package; name a document by itself, as its source has it.
               这是签名包，请给出其中的文件本身。 What is in it: qiao package inspect \(file.displayed)
        """
    }
}
