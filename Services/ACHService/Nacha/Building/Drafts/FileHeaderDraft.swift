/// What a file header is made of.
///
/// Source: contract S3-17, which calls the destination "City Bank" and the origin "City"; design 3.7,
/// record 1.
package struct FileHeaderDraft: Hashable, Sendable {
    /// Who sends the file.
    package enum Origin: Hashable, Sendable {
        /// A bank, or a city known by its bank's number: a blank and nine digits.
        case routingNumber(RoutingNumber)
        /// Up to ten characters that the bank agreed with the company, such as 1 and a tax number.
        case agreed(String)
    }

    /// The bank that takes the file.
    package var destination: RoutingNumber
    package var origin: Origin
    package var creationDate: CivilDate
    /// To the minute; blank where it is nil.
    package var creationTime: TimeOfDay?
    package var modifier: FileIDModifier
    package var destinationName: String
    package var originName: String
    /// Up to eight characters of the sender's own.
    package var reference: String

    package init(
        destination: RoutingNumber,
        origin: Origin,
        creationDate: CivilDate,
        creationTime: TimeOfDay?,
        modifier: FileIDModifier = .first,
        destinationName: String,
        originName: String,
        reference: String = ""
    ) {
        self.destination = destination
        self.origin = origin
        self.creationDate = creationDate
        self.creationTime = creationTime
        self.modifier = modifier
        self.destinationName = destinationName
        self.originName = originName
        self.reference = reference
    }

    /// The file header (1).
    package func record() throws(BuildingFaults) -> Record {
        var builder = RecordBuilder(.fileHeader)
        builder.text("immediate_destination", " " + destination.text)
        switch origin {
        case .routingNumber(let bank): builder.text("immediate_origin", " " + bank.text)
        case .agreed(let text): builder.text("immediate_origin", text, isRequired: true)
        }
        builder.date("file_creation_date", creationDate)
        builder.text("file_creation_time", creationTime?.hhmm ?? "")
        builder.text("file_id_modifier", modifier.text)
        builder.text("immediate_destination_name", destinationName)
        builder.text("immediate_origin_name", originName)
        builder.text("reference_code", reference)
        return try builder.finished()
    }
}
