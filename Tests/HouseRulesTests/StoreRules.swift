import Testing

@Suite("House rules: who may call what of the stores")
struct StoreRules {
    @Test("What the repository does is done for somebody")
    func everyMethodHasAPrincipal() {
        let methods = ProjectFile.sources.filter { $0.path.hasPrefix("Sources/Repository/") }.flatMap { file in
            Self.methods(in: file.code.joined(separator: "\n"), of: "Repository").map { (file, $0) }
        }
        #expect(methods.count > 50)
        for (file, method) in methods {
            #expect(Self.hasPrincipal(method), "\(file): a method of Repository without `as:`: \(method)")
        }
    }

    @Test("The web part has the repository, and only who finds out who asks has the authenticator")
    func web() {
        let mayAsk = [
            "Authentication.swift", "PageGate.swift", "WebService.swift", "LoginPages.swift", "LiveStreams.swift",
            // Whoever has the link has the mail.
            "MailPages.swift",
        ]
        for file in ProjectFile.sources where file.path.hasPrefix("Sources/Web") {
            for (number, line) in file.code.enumerated() {
                for word in ["DeliveryStore", "MaintenanceStore", "Stores"] where Self.names(word, line) {
                    Issue.record("\(file):\(number + 1) has \(word); the web part gets the repository alone")
                }
                let asks = Self.names("Authenticator", line) || Self.names("authenticator", line)
                if asks, !mayAsk.contains(where: file.path.hasSuffix) {
                    Issue.record(
                        "\(file):\(number + 1) has the authenticator; `Authentication` and the sign-in have it")
                }
            }
        }
    }

    @Test("What is done for somebody sees the whole service only where the operator looks over all")
    func scopes() {
        let mayLook = ["Repository+AllOrganizations.swift", "Repository+Ledger.swift", "Repository+Nodes.swift"]
        for file in ProjectFile.sources where file.path.hasPrefix("Sources/Repository/") {
            let name = file.path.split(separator: "/").last ?? ""
            guard name.hasPrefix("Repository") || name.hasPrefix("Transaction"), !mayLook.contains(String(name)) else {
                continue
            }
            for (number, line) in file.code.enumerated() where Self.names("wholeService", line) {
                Issue.record("\(file):\(number + 1) sees all organizations; a principal's method sees its own")
            }
        }
    }

    @Test("The look for methods without a principal finds them")
    func look() {
        let code = """
            extension Repository {
                package func good(
                    _ id: ChannelID, as principal: Principal
                ) async throws(RepositoryError) {
                    work { a in }
                }
                package func bad(_ id: ChannelID) async throws(RepositoryError) { go() }
                private func own() {}
                package static let limit = 5
            }
            extension DeliveryStore {
                package func other() {}
            }
            """
        let methods = Self.methods(in: code, of: "Repository")
        #expect(methods.map(Self.hasPrincipal) == [true, false])
        #expect(Self.names("Stores", "let a: Stores") && !Self.names("Stores", "let a: StoresOfOthers"))
    }

    private static func hasPrincipal(_ method: String) -> Bool { method.contains("as principal: Principal") }

    private static func names(_ word: String, _ line: String) -> Bool {
        line.split { !$0.isLetter && !$0.isNumber }.contains { $0 == word }
    }

    /// The heads of a type's package functions, in its declaration and its extensions, which begin at the start of a
    /// line and end with a line that is only a brace.
    private static func methods(in code: String, of type: String) -> [String] {
        var (heads, isInside) = ([String](), false)
        var head: String?
        for line in code.split(separator: "\n") {
            if line.hasPrefix("extension \(type) ") || line.contains("struct \(type):") { isInside = true }
            if line.hasPrefix("}") { isInside = false }
            if isInside, line.contains("package func ") || line.contains("package static func ") { head = "" }
            guard let begun = head else { continue }
            let whole = begun + line
            let isWhole = line.hasSuffix("{") || line.contains(" { ")
            if isWhole { heads.append(whole) }
            head = isWhole ? nil : whole
        }
        return heads
    }
}
