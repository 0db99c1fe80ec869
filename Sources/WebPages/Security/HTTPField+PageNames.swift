import HTTPTypes
import WebServing

extension HTTPField.Name {
    static let frameOptions = Self(token: "X-Frame-Options")
    static let openerPolicy = Self(token: "Cross-Origin-Opener-Policy")
    static let referrerPolicy = Self(token: "Referrer-Policy")
    static let resourcePolicy = Self(token: "Cross-Origin-Resource-Policy")
    static let secFetchMode = Self(token: "Sec-Fetch-Mode")
    static let secFetchSite = Self(token: "Sec-Fetch-Site")
}
