import Foundation

/// How a web hook's receiver knows the sender: Basic (RFC 7617) or Bearer (RFC 6750), besides the signature.
enum WebHookAuthorization {
    static let fields = [
        Field(
            key: "basic_user", label: "User name", type: .text(bytes: 200), isRequired: false,
            help: "For receivers that ask for a user name and a password (Basic authorization)."),
        Field(
            key: "basic_password", label: "Password", type: .text(bytes: 500), isRequired: false, isSecret: true,
            help: "Belongs to the user name."),
        Field(
            key: "bearer_token", label: "Bearer token", type: .text(bytes: 2000), isRequired: false, isSecret: true,
            help: "For receivers that ask for a token (Bearer authorization), instead of a user name."),
    ]

    static func errors(in settings: ChannelSettings) -> [ValidationError] {
        let user = settings.text("basic_user")
        let hasPassword = settings.text("basic_password") != nil
        let token = settings.text("bearer_token")
        var errors: [ValidationError] = []
        if user?.utf8.contains(UInt8(ascii: ":")) ?? false {
            errors.append(.init("basic_user", "A user name must not contain a colon."))
        }
        if user != nil, !hasPassword { errors.append(.init("basic_password", "The user name needs a password.")) }
        if user == nil, hasPassword { errors.append(.init("basic_user", "The password needs a user name.")) }
        if token != nil, user != nil || hasPassword {
            errors.append(.init("bearer_token", "Give a user name and a password, or a token, but not both."))
        }
        if let token, !token.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) {
            errors.append(.init("bearer_token", "A token consists of ASCII without spaces."))
        }
        return errors
    }

    static func headers(_ settings: ChannelSettings) -> [HTTPMessage.Header] {
        if let token = settings.text("bearer_token") {
            return [.init("Authorization", "Bearer \(token)", isSecret: true)]
        }
        guard let user = settings.text("basic_user"), let password = settings.text("basic_password") else { return [] }
        let credentials = Data("\(user):\(password)".utf8).base64EncodedString()
        return [.init("Authorization", "Basic \(credentials)", isSecret: true)]
    }
}
