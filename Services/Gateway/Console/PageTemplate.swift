import Mustache

/// The template of a page, filled with a view model whose properties are its tags.
///
/// It stands in this program, so that no file is read while it runs. Every text is escaped.
struct PageTemplate: Sendable {
    private let template: MustacheTemplate

    /// A template that does not parse ends the process: the first test of its page finds it.
    init(_ text: String) {
        MustacheContentTypes.register(EscapedText(), named: EscapedText.name)
        do {
            template = try MustacheTemplate(string: "{{% CONTENT_TYPE:\(EscapedText.name)}}" + text)
        } catch {
            preconditionFailure("a page's template does not parse: \(error)")
        }
    }

    func text(_ model: some Sendable) -> String { template.render(model) }
}

/// Escapes what HTML gives a meaning to, byte by byte.
///
/// The library's own way goes by characters, of which `"` with a combining mark behind it is another
/// one, and passes; a browser sees the quotation mark.
private struct EscapedText: MustacheContentType {
    static let name = "page"

    func escapeText(_ text: String) -> String {
        var out: [UInt8] = []
        out.reserveCapacity(text.utf8.count)
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "&"): out += "&amp;".utf8
            case UInt8(ascii: "<"): out += "&lt;".utf8
            case UInt8(ascii: ">"): out += "&gt;".utf8
            case UInt8(ascii: "\""): out += "&quot;".utf8
            case UInt8(ascii: "'"): out += "&#39;".utf8
            default: out.append(byte)
            }
        }
        return String(decoding: out, as: UTF8.self)
    }
}
