extension Exchange {
    /// Whether the body or the error text is long enough to contain a secret. Headers are stored with attempts that failed
    /// alone.
    package var mayTellSecrets: Bool {
        switch result {
        case .answered(let answer): answer.body.count >= KnownSecrets.shortestSecret
        case .failed: true
        }
    }

    /// Removes secrets, so that the exchange may be stored and shown. `kept` is how many bytes of the body to keep.
    package func blotted(by secrets: KnownSecrets, kept: Int) -> Exchange {
        Exchange(result: result.blotted(by: secrets, kept: kept), address: address, timings: timings)
    }
}

extension ExchangeResult {
    fileprivate func blotted(by secrets: KnownSecrets, kept: Int) -> ExchangeResult {
        switch self {
        case .answered(let answer):
            let headers = answer.headers.map { Answer.Header(secrets.blotted($0.name), secrets.blotted($0.value)) }
            let body = secrets.blotted(Array(answer.body.prefix(kept)))
            return .answered(
                Answer(status: answer.status, headers: headers, body: Array(body.prefix(kept)), at: answer.at))
        case .failed(let failure): return .failed(failure.blotted(by: secrets))
        }
    }
}

extension TransportFailure {
    /// The texts may quote the answer.
    fileprivate func blotted(by secrets: KnownSecrets) -> TransportFailure {
        switch self {
        case .refused(let text): .refused(secrets.blotted(text))
        case .local(let fault, let text): .local(fault, secrets.blotted(text))
        case .resolving(let text): .resolving(secrets.blotted(text))
        case .connecting(let text): .connecting(secrets.blotted(text))
        case .tls(let text): .tls(secrets.blotted(text))
        case .clientCertificate(let text): .clientCertificate(secrets.blotted(text))
        case .malformed(let text): .malformed(secrets.blotted(text))
        case .timedOut, .disconnected: self
        }
    }
}

extension Verdict {
    /// Removes secrets from the finding's text, which may quote the answer.
    package func blotted(by secrets: KnownSecrets) -> Verdict {
        switch self {
        case .delivered: .delivered
        case .retry(let finding, let after): .retry(finding.blotted(by: secrets), after: after)
        case .postponed(let finding, let wait): .postponed(finding.blotted(by: secrets), for: wait)
        case .refused(let finding): .refused(finding.blotted(by: secrets))
        case .gone(let finding): .gone(finding.blotted(by: secrets))
        }
    }
}

extension Finding {
    fileprivate func blotted(by secrets: KnownSecrets) -> Finding { Finding(code, secrets.blotted(text)) }
}
