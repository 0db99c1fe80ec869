/// Who mails come from, as the operator configured it.
package struct MailSender: Equatable, Sendable {
    package let address: MailAddress
    /// Where recipients find the page to confirm their address, and to stop mails: `https://runbell.example.com`.
    package let publicURL: String

    package init(address: MailAddress, publicURL: String) {
        self.address = address
        self.publicURL = publicURL
    }
}
