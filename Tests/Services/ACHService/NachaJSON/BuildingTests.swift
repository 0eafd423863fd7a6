import Nacha
import NachaJSON
import Testing

@Suite("What a document leaves out is computed")
struct BuildingTests {
    static let fileHeader = """
        "file_header":{"immediate_destination":"121042882","immediate_origin":"1234567890",
         "file_creation_date":"260601","file_creation_time":"0900","file_id_modifier":"A",
         "immediate_destination_name":"CITY BANK","immediate_origin_name":"CITY"}
        """

    static let payment = """
        {"format":"bursar-ach/1","build":true,
         \(fileHeader),
         "batches":[{
          "header":{"company_name":"CITY","company_identification":"1234567890",
           "standard_entry_class_code":"PPD","company_entry_description":"TUITION",
           "effective_entry_date":"260602","originating_dfi_identification":"12104288"},
          "entries":[{"transaction_code":"27","routing_number":"021000021",
           "account_number":"123456789","amount_minor_units":12500,"receiver_name":"ANN LEE"}]}]}
        """

    @Test("One PPD payment")
    func onePayment() throws {
        let file = try expectValid(Self.payment)
        let lines = String(decoding: file.bytes, as: UTF8.self).split(separator: "\n")
        #expect(lines.count == 10)
        #expect(
            lines[2]
                == "627021000021123456789        0000012500               ANN LEE"
                + "                 0121042880000001"
        )
        #expect(lines[1].hasPrefix("5225") && lines[1].hasSuffix("1121042880000001"))
        #expect(lines[4].hasPrefix("9000001000001000000010002100002000000012500000000000000"))
        #expect(lines[9] == Substring(String(repeating: "9", count: 94)))
    }

    @Test("A CTX payment with three addenda")
    func threeAddenda() throws {
        let addenda = (1...3).map {
            "{\"type\":\"05\",\"payment_related_information\":\"RMR*\($0)\"}"
        }
        let text = Self.payment
            .changing("\"PPD\"", to: "\"CTX\"")
            .changing(
                "\"receiver_name\"",
                to: "\"addenda\":[\(addenda.joined(separator: ","))],\"receiver_name\""
            )
        let entry = try expectValid(text).batches[0].entries[0]
        #expect(entry.record.text(55, 58) == "0003")
        #expect(entry.record.text(79, 79) == "1")
        #expect(
            entry.addenda.map { $0.record.text(84, 94) } == [
                "00010000001", "00020000001", "00030000001",
            ]
        )
    }

    @Test("An IAT payment")
    func international() throws {
        let text = """
            {"format":"bursar-ach/1","build":true,\(Self.fileHeader),
             "batches":[{
              "header":{"standard_entry_class_code":"IAT","destination_country_code":"DE",
               "originator_identification":"1234567890","company_entry_description":"TRADEPAY",
               "destination_currency_code":"EUR","effective_entry_date":"260602",
               "foreign_exchange_indicator":"FF","originating_dfi_identification":"12104288"},
              "entries":[{"transaction_code":"22","receiving_dfi_identification":"02100002",
               "amount_minor_units":100,"account_number":"DE89370400440532013000","addenda":[
               {"type":"10","transaction_type_code":"BUS","foreign_payment_amount":100,
                "receiver_name":"ANN LEE"},
               {"type":"11","originator_name":"CITY","originator_street_address":"1 MAIN ST"},
               {"type":"12","originator_city_and_state":"AUSTIN*TX\\\\",
                "originator_country_and_postal_code":"US*78701\\\\"},
               {"type":"13","odfi_name":"CITY BANK","odfi_identification_qualifier":"01",
                "odfi_identification":"121042882","odfi_branch_country_code":"US"},
               {"type":"14","rdfi_name":"BANK","rdfi_identification_qualifier":"02",
                "rdfi_identification":"COBADEFF","rdfi_branch_country_code":"DE"},
               {"type":"15","receiver_street_address":"2 HAUPTSTR"},
               {"type":"16","receiver_city_and_state":"BONN*\\\\",
                "receiver_country_and_postal_code":"DE*53111\\\\"}]}]}]}
            """
        let file = try expectValid(text)
        #expect(file.batches[0].entries[0].record.text(13, 16) == "0007")
        #expect(file.batches[0].header.text(2, 4) == "220")
    }

    @Test("An ADV batch")
    func advice() throws {
        let text = """
            {"format":"bursar-ach/1","build":true,\(Self.fileHeader),
             "batches":[{
              "header":{"company_name":"CITY","company_identification":"1234567890",
               "standard_entry_class_code":"ADV","company_entry_description":"ADVICE",
               "effective_entry_date":"260602","originating_dfi_identification":"12104288"},
              "entries":[{"transaction_code":"81","routing_number":"021000021",
               "account_number":"123456789","amount_minor_units":12345678901,
               "advice_routing_number":"121042882","file_identification":"FILE1",
               "individual_name":"ANN LEE","julian_date":"152"},
              {"transaction_code":"82","routing_number":"021000021","account_number":"123456789",
               "amount_minor_units":5,"advice_routing_number":"121042882",
               "file_identification":"FILE1","individual_name":"ANN LEE","julian_date":"152"}]}]}
            """
        let file = try expectValid(text)
        #expect(file.batches[0].header.text(2, 4) == "280")
        #expect(file.batches[0].entries.map { $0.record.text(91, 94) } == ["0001", "0002"])
        #expect(file.control?.text(52, 71) == "00000000012345678901")
    }

    @Test("A sample of every class comes out again when only what is necessary is kept")
    func numbersOfSamples() throws {
        for entryClass in StandardEntryClass.allCases where entryClass != .cor {
            let options = SampleOptions(
                entryClass,
                batchCount: 2,
                entriesPerBatch: 4,
                addenda: .all
            )
            let file = try SampleFile.make(options, seed: 3)
            let text = String(decoding: file.json(isMasked: false), as: UTF8.self)
                .changing("\"masked\":false", to: "\"build\":true")
            let computed: Set<Substring> = [
                "\"check_digit\"", "\"trace_number\"", "\"addenda_record_indicator\"",
                "\"number_of_addenda\"", "\"addenda_sequence_number\"",
                "\"entry_detail_sequence_number\"", "\"sequence_number\"",
                "\"ach_operator_routing_number\"", "\"originator_status_code\"",
            ]
            let kept = text.removingMembers(computed)
            #expect(kept.utf8.count < text.utf8.count)
            #expect(try NachaFile(json: Array(kept.utf8)).bytes == file.bytes, "\(entryClass)")
        }
    }

    @Test("What nothing tells is asked for, all at once")
    func missingValues() {
        let text = """
            {"format":"bursar-ach/1","build":true,"file_header":{},
             "batches":[{"header":{},"entries":[{"routing_number":"021000020"}]}]}
            """
        #expect(
            Documents.faults(text).map(\.pointer) == [
                "/file_header/immediate_destination", "/file_header/immediate_origin",
                "/file_header/file_creation_date", "/file_header/file_creation_time",
                "/file_header/file_id_modifier", "/batches/0/header/company_name",
                "/batches/0/header/company_identification",
                "/batches/0/header/standard_entry_class_code",
                "/batches/0/header/company_entry_description",
                "/batches/0/header/originating_dfi_identification",
                "/batches/0/entries/0/routing_number",
                "/batches/0/entries/0/transaction_code", "/batches/0/entries/0/account_number",
                "/batches/0/entries/0/amount_minor_units",
            ]
        )
    }

    @Test("What cannot be computed is told with the batch")
    func notBuildable() {
        let faults = Documents.faults(Self.payment.changing("\"27\"", to: "\"99\""))
        #expect(faults.map(\.code) == [.notBuildable])
        #expect(faults.map(\.pointer) == ["/batches/0"])
        let empty = "{\"format\":\"bursar-ach/1\",\"build\":true,\(Self.fileHeader),\"batches\":[]}"
        #expect(Documents.faults(empty).map(\.pointer) == ["/file_control"])
    }

    @Test("A routing number beside its parts is refused")
    func twoBanks() {
        let text = Self.payment.changing(
            "\"routing_number\"",
            to: "\"check_digit\":\"1\",\"routing_number\""
        )
        #expect(Documents.faults(text).map(\.code) == [.disagrees])
    }

    /// Expects a file in which nothing is found, warnings included.
    private func expectValid(_ text: String) throws -> NachaFile {
        let file = try NachaFile(json: Array(text.utf8))
        var reader = FileReader(profile: .strict)
        reader.read(file.bytes)
        let report = reader.finish()
        #expect(report.diagnostics.isEmpty, "\(report.diagnostics)")
        return file
    }
}

extension String {
    /// The text of a document without members of some names, each behind a comma or a brace.
    fileprivate func removingMembers(_ names: Set<Substring>) -> String {
        split(separator: ",", omittingEmptySubsequences: false).map { part -> Substring in
            guard let name = part.split(separator: ":").first, names.contains(name) else {
                return part
            }
            // What closes objects and lists behind the value stays.
            return part.drop { $0 != "}" && $0 != "]" }
        }
        .reduce(into: "") { text, part in
            text += text.isEmpty || part.isEmpty || part.first == "}" ? part : "," + part
        }
    }
}
