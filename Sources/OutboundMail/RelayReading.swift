import CCurl
import Notifications

/// What a session's end means.
enum RelayReading {
    /// The replies to the recipients, or why there are none. Unless the mail may have arrived, it is a fault of the relay
    /// or of its settings, both of which are the operator's.
    static func result(_ session: MailSession.Result) -> Result<[MailReply], TransportFailure> {
        let dialogue = session.dialogue
        if let refused = dialogue.refusedSender {
            return .failure(
                .local(
                    .settings, "The mail relay refuses the sender RUNBELL_SMTP_FROM (\(refused.code) \(refused.text))"))
        }
        if let outcome = dialogue.outcome { return .success(outcome) }
        if dialogue.isComplete {
            return .failure(session.code == CURLE_OPERATION_TIMEDOUT.rawValue ? .timedOut(.waiting) : .disconnected)
        }
        switch session.code {
        case CURLE_LOGIN_DENIED.rawValue:
            return .failure(.local(.settings, "The mail relay refuses the user and password of RUNBELL_SMTP_URL."))
        case CURLE_USE_SSL_FAILED.rawValue, CURLE_SSL_CONNECT_ERROR.rawValue, CURLE_PEER_FAILED_VERIFICATION.rawValue,
            CURLE_SSL_CACERT_BADFILE.rawValue:
            return .failure(.local(.settings, "No encrypted connection to the mail relay: \(words(session.code))."))
        default:
            return .failure(.local(.network, "The mail relay cannot be reached: \(words(session.code))."))
        }
    }

    private static func words(_ code: UInt32) -> String {
        String(cString: curl_easy_strerror(CURLcode(rawValue: code)))
    }
}
