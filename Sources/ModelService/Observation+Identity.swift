import Documents

extension Observation {
    /// What makes two deliveries the same row: its time and identifier, or all of its content where one is missing.
    ///
    /// The text is a JSON array of one line. It begins with the time, so that an index over it grows at one end and
    /// rows of one time have a fixed order; the two forms cannot be taken for each other, as they differ in length.
    package var identity: String {
        let time = JSON(timestamp?.description)
        guard let identifier, timestamp != nil else {
            let content: [JSON] =
                [
                    time, JSON(identifier), JSON(level), .array(predictors.map { JSON($0) }), JSON(predicted),
                    JSON(actual),
                    JSON(error), JSON(modelTime),
                ] + otherLevels.map { JSON($0) }
            return JSON.array(content).compact
        }
        return JSON.array([time, .string(identifier)]).compact
    }
}
