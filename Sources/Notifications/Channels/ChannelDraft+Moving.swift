extension ChannelDraft {
    /// What a saved channel becomes when it moves to another kind: `value` is `{kind, settings}`, and the name and the
    /// subscription stay. Throws all errors at once.
    package init(
        moving saved: Channel, to value: JSONValue, kinds: ChannelCatalogue, policy: EgressPolicy
    ) throws(InvalidInput) {
        var fields = FieldReader(value)
        var draft = JSONObject()
        draft["name"] = .string(saved.name)
        draft["subscription"] = saved.subscription.json
        for key in ["kind", "settings"] { draft[key] = fields.value(key) }
        if let kind = draft["kind"]?.string, kind.sameBytes(as: saved.kind) {
            fields.reject("kind", "The channel is of this kind already: change it instead.") as Void?
        }
        let read = Result { () throws(InvalidInput) in
            try ChannelDraft(reading: .object(draft), kinds: kinds, policy: policy)
        }
        if case .failure(let error) = read { fields.add(error.errors) }
        try fields.finish()
        self = try read.get()
    }
}
