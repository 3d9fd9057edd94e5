/// The ten rows that the tutorial page inserts.
package struct RecipeFish {
    package let identifier: String
    package let level: String
    package let height: Double
    package let length: Double
    package let predicted: Double
    package let actual: Double

    package static let all = [
        RecipeFish(identifier: "101", level: "Salmon", height: 17.33, length: 74.55, predicted: 3.78, actual: 4.38),
        RecipeFish(identifier: "102", level: "Salmon", height: 19.11, length: 82.19, predicted: 4.17, actual: 3.17),
        RecipeFish(identifier: "103", level: "Salmon", height: 21.07, length: 90.62, predicted: 4.6, actual: 5.6),
        RecipeFish(identifier: "104", level: "Bass", height: 15.44, length: 56.23, predicted: 2.54, actual: 5.54),
        RecipeFish(identifier: "105", level: "Bass", height: 17.02, length: 62, predicted: 2.8, actual: 1.8),
        RecipeFish(identifier: "106", level: "Bass", height: 18.76, length: 68.34, predicted: 3.09, actual: 4.09),
        RecipeFish(identifier: "107", level: "Trout", height: 13.34, length: 64.05, predicted: 1.47, actual: 2.47),
        RecipeFish(identifier: "108", level: "Trout", height: 14.71, length: 70.61, predicted: 1.62, actual: 2.62),
        RecipeFish(identifier: "109", level: "Trout", height: 16.22, length: 77.85, predicted: 1.79, actual: 2.79),
        RecipeFish(identifier: "110", level: "Trout", height: 17.03, length: 81.74, predicted: 1.88, actual: 2.88),
    ]
}
