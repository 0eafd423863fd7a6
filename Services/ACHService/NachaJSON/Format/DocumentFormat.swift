/// The JSON form of a Nacha file: one document, from which the file's bytes come back.
///
/// ```json
/// {"format":"bursar-ach/1","masked":false,
///  "file_header":{…},
///  "batches":[
///   {"header":{…},"entries":[
///     {"transaction_code":"27",…,"addenda":[{"type":"05",…}]}],
///    "control":{…}}],
///  "file_control":{…},
///  "form":{"line_end":"\n","ends_with_line_end":true,"byte_order_mark":false,"filler":3},
///  "odd_lines":[]}
/// ```
///
/// Fields bear the names of `RecordLayouts`, in the order of their positions. Counts and amounts are
/// whole numbers, everything else is a string without the blanks behind it; constants and reserved
/// areas are left out. A record whose characters are not what its fields may hold has them all in
/// `record`, bytes from 0x80 on as `\u0080` to `\u00FF`. `kind` stands where it does not follow from
/// the place: `iat_batch_header`, `exchange_entry`, `addenda_98_refused`.
///
/// A masked document shows of account numbers the last four characters and of names nothing, as
/// `Masking` has it: `*****6789`, `**** *****`; of a record that is not what its fields may hold it
/// shows nothing. No file comes back from it.
///
/// A document with `"build":true` may leave out what can be computed.
package enum DocumentFormat {
    /// The value of `format`.
    package static let name = "bursar-ach/1"

    /// How many bytes of odd lines a writer keeps until the document's end, 32 MiB.
    package static let oddLineBytes = 32 << 20

    /// How many bytes of a line a reader keeps; what has as many may have had more.
    package static let lineBytes = 4_096

    /// How many faults of a document are kept; the rest are counted.
    package static let faults = 1_000
}
