/// Judges a request's head before any route is looked at; the same for HTTP/2 and HTTP/1.1.
package struct HeadRules: Sendable {
    package var hosts: HostRule
    package var maximumTargetBytes: Int

    package init(hosts: HostRule, maximumTargetBytes: Int) {
        self.hosts = hosts
        self.maximumTargetBytes = maximumTargetBytes
    }

    /// The first fault in the order of `HeadFault`, or the target.
    package func judge(
        target: String,
        fields: RequestFields
    ) -> Result<RequestTarget, HeadFault> {
        if fields.fault == .listTooLarge { return .failure(.headersTooLarge) }
        if target.utf8.count > maximumTargetBytes { return .failure(.targetTooLong) }
        guard let target = RequestTarget(target) else { return .failure(.targetUnreadable) }
        switch fields.fault {
        case .repeated(let name): return .failure(.repeatedField(name))
        case .unreadable(let name): return .failure(.unreadableField(name))
        case .listTooLarge, nil: break
        }
        if let fault = hostFault(fields) { return .failure(fault) }
        return .success(target)
    }

    private func hostFault(_ fields: RequestFields) -> HeadFault? {
        guard let host = fields.authority ?? fields.host else { return .hostMissing }
        if let other = fields.host, other != host { return .hostUnreadable }
        switch hosts.judge(host) {
        case .served: return nil
        case .unreadable: return .hostUnreadable
        case .notServed: return .hostNotServed
        }
    }
}
