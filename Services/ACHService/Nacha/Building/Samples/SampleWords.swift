/// The words that samples are made of: invented, and no longer than the shortest field they go into.
enum SampleWords {
    /// At most 14 characters with a family name and a blank between them.
    static let givenNames = [
        "ADA", "ALAN", "CARLOS", "CHEN", "DORIS", "EMMA", "FATIMA", "GRACE", "HENRY", "INES",
        "JOHN", "KENJI", "LINDA", "MARIA", "NADIA", "OMAR", "PAULA", "QUINN", "ROSA", "SAM",
    ]

    static let familyNames = [
        "ADAMS", "BAKER", "COSTA", "DIAZ", "EVANS", "FORD", "GARCIA", "HUGHES", "IVANOV", "JONES",
        "KHAN", "LOPEZ", "MILLER", "NGUYEN", "OLSEN", "O'NEIL", "PARK", "REED", "SMITH-JO", "TRAN",
    ]

    /// At most 16 characters: the receiving company of CTX.
    static let companies = [
        "ACME TOOLS", "BAY WATER CO", "CEDAR & SONS", "DELTA FREIGHT", "EAST END PAPER",
        "FOX DAIRY INC", "GRANITE WORKS", "HILLTOP FARMS", "IRON RIVER LLC", "JUNIPER PRESS",
    ]

    static let places: [(city: String, state: String)] = [
        ("ALBANY", "NY"), ("BOISE", "ID"), ("CONCORD", "NH"), ("DENVER", "CO"), ("EUGENE", "OR"),
        ("FRESNO", "CA"), ("GALVESTON", "TX"), ("HELENA", "MT"), ("ITHACA", "NY"), ("JUNEAU", "AK"),
    ]

    static let streets = [
        "12 ELM STREET", "400 MAIN STREET", "7 HARBOR ROAD", "88 PINE AVENUE", "1500 LAKE DRIVE",
    ]

    static let foreignPlaces: [Foreign] = [
        Foreign("TORONTO", "ON", "CA", "M5H 2N2", "CAD", "MAPLE BANK", "MAPLCATT"),
        Foreign("MONTERREY", "NL", "MX", "64000", "MXN", "BANCO DEL NORTE", "BNORMXMM"),
        Foreign("BREMEN", "HB", "DE", "28195", "EUR", "WESERBANK", "WESRDE22"),
        Foreign("LEEDS", "WY", "GB", "LS1 4AP", "GBP", "AIRE BANK", "AIREGB2L"),
    ]

    /// A place abroad with its currency and a bank.
    struct Foreign {
        let city: String
        let province: String
        let country: String
        let postalCode: String
        let currency: String
        let bank: String
        let bic: String

        init(
            _ city: String,
            _ province: String,
            _ country: String,
            _ postalCode: String,
            _ currency: String,
            _ bank: String,
            _ bic: String
        ) {
            self.city = city
            self.province = province
            self.country = country
            self.postalCode = postalCode
            self.currency = currency
            self.bank = bank
            self.bic = bic
        }
    }
}
