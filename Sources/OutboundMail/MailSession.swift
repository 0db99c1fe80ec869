import CCurl
import Notifications

/// Sends one letter with libcurl. Blocks until the relay has answered, or the time is over.
struct MailSession {
    let relay: MailRelay
    let letter: Letter
    let milliseconds: Int

    /// What the callbacks work on. They run on the thread of `run`, during it.
    private final class Progress {
        var dialogue: Dialogue
        let bytes: [UInt8]
        var position = 0

        init(_ letter: Letter) {
            dialogue = Dialogue(letter)
            bytes = letter.bytes
        }
    }

    /// The result of one letter.
    struct Result: Sendable {
        let code: UInt32
        let dialogue: Dialogue
        let address: String?
    }

    func run() -> Result? {
        guard let easy = curl_easy_init() else { return nil }
        defer { curl_easy_cleanup(easy) }
        var recipients: UnsafeMutablePointer<curl_slist>?
        for recipient in letter.recipients { recipients = curl_slist_append(recipients, "<\(recipient)>") }
        defer { curl_slist_free_all(recipients) }
        let progress = Progress(letter)
        setUp(easy)
        ccurl_set_list(easy, CURLOPT_MAIL_RCPT, recipients)
        let code = withExtendedLifetime(progress) {
            let pointer = Unmanaged.passUnretained(progress).toOpaque()
            ccurl_set_reader(easy, { MailSession.read($0, $1, $2, $3) }, pointer)
            ccurl_set_trace(easy, { MailSession.trace($1, $2, $3, $4) }, pointer)
            return curl_easy_perform(easy)
        }
        // The reply is known, or will not come: nobody waits for the end of the conversation.
        ccurl_hang_up(easy, code == CURLE_OK)
        let address = ccurl_peer(easy).map { String(cString: $0) }
        return Result(code: code.rawValue, dialogue: progress.dialogue, address: address)
    }

    private func setUp(_ easy: UnsafeMutableRawPointer) {
        ccurl_set_text(easy, CURLOPT_URL, relay.address)
        ccurl_set_text(easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps")
        ccurl_set_text(easy, CURLOPT_PROXY, "")
        ccurl_set_number(easy, CURLOPT_NOSIGNAL, 1)
        ccurl_set_number(easy, CURLOPT_UPLOAD, 1)
        ccurl_set_number(easy, CURLOPT_TIMEOUT_MS, milliseconds)
        ccurl_set_number(easy, CURLOPT_SERVER_RESPONSE_TIMEOUT, max(1, milliseconds / 1000))
        ccurl_set_number(easy, CURLOPT_USE_SSL, Int(relay.needsTLS ? CURLUSESSL_ALL.rawValue : CURLUSESSL_TRY.rawValue))
        ccurl_set_number(easy, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2)
        ccurl_set_number(easy, CURLOPT_MAIL_RCPT_ALLLOWFAILS, 1)
        ccurl_set_text(easy, CURLOPT_MAIL_FROM, "<\(letter.sender)>")
        if let authorities = relay.authorities { ccurl_set_text(easy, CURLOPT_CAINFO, authorities) }
        if let user = relay.user, let password = relay.password {
            ccurl_set_text(easy, CURLOPT_USERNAME, user.reveal())
            ccurl_set_text(easy, CURLOPT_PASSWORD, password.reveal())
        }
    }

    /// libcurl asks for the mail once the relay wants it: the last moment to hold it back.
    private static func read(
        _ buffer: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ user: UnsafeMutableRawPointer?
    ) -> Int {
        guard let buffer, let user else { return Int(CURL_READFUNC_ABORT) }
        let progress = Unmanaged<Progress>.fromOpaque(user).takeUnretainedValue()
        guard !progress.dialogue.holdsBack else { return Int(CURL_READFUNC_ABORT) }
        let rest = progress.bytes[progress.position...].prefix(size * count)
        guard !rest.isEmpty else {
            progress.dialogue.completed()
            return 0
        }
        for (offset, byte) in rest.enumerated() { buffer[offset] = CChar(bitPattern: byte) }
        progress.position += rest.count
        return rest.count
    }

    private static func trace(
        _ type: curl_infotype, _ data: UnsafeMutablePointer<CChar>?, _ size: Int, _ user: UnsafeMutableRawPointer?
    ) -> Int32 {
        guard let data, let user else { return 0 }
        let progress = Unmanaged<Progress>.fromOpaque(user).takeUnretainedValue()
        let bytes = UnsafeRawBufferPointer(start: data, count: size)
        switch type {
        case CURLINFO_HEADER_OUT: progress.dialogue.sent(String(decoding: bytes, as: UTF8.self))
        case CURLINFO_HEADER_IN: progress.dialogue.received(String(decoding: bytes, as: UTF8.self))
        default: break
        }
        return 0
    }
}
