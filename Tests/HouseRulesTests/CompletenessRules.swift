import Testing

@Suite("House rules: nothing is forgotten")
struct CompletenessRules {
    @Test("Every channel kind stands in the catalog")
    func catalog() throws {
        let catalog = try #require(ProjectFile("Sources/Notifications/Channels/ChannelCatalogue.swift"))
        let start = try #require(catalog.lines.firstIndex { $0.contains("ChannelCatalogue([") })
        let declaration = catalog.lines[start...].prefix { $0.drop { $0 == " " } != "])" }.joined(separator: " ")
        let kinds = ProjectFile.sources.filter { $0.path.contains("/Channels/Kinds/") }.flatMap(Self.kinds)
        #expect(!kinds.isEmpty)
        for kind in kinds {
            #expect(declaration.contains("\(kind)("), "\(kind) is missing in ChannelCatalogue.standard")
            let setup = ProjectFile("Sources/Notifications/Channels/Setup/\(kind)+Setup.swift")
            #expect(setup != nil, "\(kind) has no steps to set it up")
        }
    }

    @Test("Every SQL file is a step of a dialect, under its own number")
    func migrations() throws {
        let listing = try #require(ProjectFile("Migrations/Migration.swift"))
        let files = ProjectFile.files(under: "Migrations/sql", endingIn: ".sql")
        #expect(!files.isEmpty)
        for file in files {
            let name = file.path.split(separator: "/").last.map(String.init) ?? ""
            // The package manager's name for it: the first digit and the dots become underscores.
            let resource = "_" + name.dropFirst().replacing(".", with: "_")
            let number = try #require(Int(name.prefix(4)), "\(name) does not begin with four digits")
            let lines = listing.lines.filter { $0.contains("PackageResources.\(resource)") }
            #expect(lines.count == 1, "\(name) stands \(lines.count) times in Migration.swift")
            #expect(lines.allSatisfy { $0.contains("number: \(number),") }, "\(name) has another number")
        }
    }

    @Test("Every template is compiled into the program under its own name")
    func templates() throws {
        let listing = try #require(ProjectFile("Sources/WebPages/Rendering/PageTemplates.swift"))
        let package = try #require(ProjectFile("Package.swift"))
        let files = ProjectFile.files(under: "Sources/WebPages", endingIn: ".mustache")
        #expect(!files.isEmpty)
        for file in files {
            let name = file.path.split(separator: "/").last?.dropLast(".mustache".count) ?? ""
            let line = "\"\(name)\": PackageResources.\(name)_mustache,"
            #expect(listing.lines.contains { $0.contains(line) }, "\(file) is missing in PageTemplates.files")
            let place = file.path.split(separator: "/").dropFirst(2).joined(separator: "/")
            #expect(package.text.contains("\"\(place)\""), "\(file) is missing in pageFiles of Package.swift")
            #expect(!file.text.contains("{{{") && !file.text.contains("{{&"), "\(file) puts a text in unescaped")
        }
    }

    /// Mustache leaves out what it does not find, and says nothing.
    @Test("Every name in a template is a property")
    func templateNames() {
        let declared = ProjectFile.sources.flatMap { file in
            file.text.matches(of: /\b(?:let|var) \(?([A-Za-z, ]+)/).flatMap { match in
                match.output.1.split { !$0.isLetter }.map(String.init)
            }
        }
        let known = Set(declared + ["layout"])
        for file in ProjectFile.files(under: "Sources/WebPages", endingIn: ".mustache") {
            for match in file.text.matches(of: /\{\{[#^\/]?(?:empty\()?\.?([A-Za-z.]+)\)?\}\}/) {
                for name in match.output.1.split(separator: ".") where !known.contains(String(name)) {
                    Issue.record("\(file) has \(name), which no type declares")
                }
            }
        }
    }

    @Test("Every page of an organization is among those that axe looks at")
    func pages() throws {
        let list = try #require(ProjectFile("Tests/Acceptance/harness/page_list.py"))
        let looked = list.text.replacing(/\{[^}\n]*\}/, with: ":")
        let pages = ProjectFile.sources.filter { $0.path.hasPrefix("Sources/WebPages/") }.flatMap { file in
            file.text.matches(of: /dependencies\.on\(\s*\.get, "([^"]+)"/).map { String($0.output.1) }
        }
        #expect(pages.count > 10)
        // Downloads, and a stream of rows.
        for page in Set(pages).subtracting(["audit-log/export", "deliveries/csv", "deliveries/live"]) {
            let path = "\"" + page.replacing(/:[a-z]+/, with: ":")
            let isLooked = looked.contains(path + "\"") || looked.contains(path + "?")
            #expect(isLooked, "\(page) is missing in Tests/Acceptance/harness/page_list.py")
        }
    }

    @Test("Every configuration key is documented")
    func configuration() {
        let pages = ["README.md"].compactMap { ProjectFile($0) } + ProjectFile.files(under: "docs", endingIn: ".md")
        let documented = pages.map(\.text).joined()
        let keys = Set(ProjectFile.sources.flatMap(Self.configurationKeys))
        #expect(!keys.isEmpty)
        for key in keys.sorted() {
            let isDocumented = documented.contains(key)
            #expect(isDocumented, "\(key) stands in no page of docs/ and not in README.md")
        }
    }

    @Test("Every folder of sources is a target")
    func targets() {
        for file in ProjectFile.sources {
            let target = ImportRules.target(of: file)
            #expect(target.map { ImportRules.allowed[$0] != nil } == true, "\(file)")
        }
    }

    /// The types in a file that declare themselves a kind.
    private static func kinds(in file: ProjectFile) -> [String] {
        file.code.compactMap { line in
            let words = line.split { !($0.isLetter || $0.isNumber) }.map(String.init)
            guard let place = words.firstIndex(where: { $0 == "struct" || $0 == "enum" }), words.contains("ChannelKind")
            else { return nil }
            return words.dropFirst(place + 1).first
        }
    }

    /// Names of environment variables that appear in literals, or are made from `Setting("egress", "allow", …)`.
    private static func configurationKeys(in file: ProjectFile) -> [String] {
        let literals = file.text.matches(of: /"(RUNBELL_[A-Z_]+)/).map { String($0.output.1) }
        let settings = file.text.matches(of: /\bSetting\(\s*((?:"[a-z_]+",\s*)+)scope:/).map { match in
            let words = match.output.1.matches(of: /[a-z_]+/).map { $0.output.uppercased() }
            return "RUNBELL_" + words.joined(separator: "_")
        }
        return literals.filter { $0 != "RUNBELL_" } + settings
    }
}
