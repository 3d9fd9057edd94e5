import EventProcessing

/// The fish of the worked example, as its factory draws them: lengths and heights, and the weight that follows.
enum Factory {
    static let levels = [
        SimulatedLevel(
            name: "salmon",
            predictors: [
                NormalDistribution(mean: 88, standardDeviation: 5), NormalDistribution(mean: 19, standardDeviation: 1),
            ], coefficients: [0.05, 0.01], noise: noise),
        SimulatedLevel(
            name: "walleye",
            predictors: [
                NormalDistribution(mean: 81, standardDeviation: 8), NormalDistribution(mean: 17, standardDeviation: 2),
            ], coefficients: [0.02, 0.04], noise: noise),
    ]

    /// The story: the factory turns from salmon to walleye and back.
    static let story = SimulatorPlan(stages: [
        SimulatorPlan.Stage("salmon", count: 60), SimulatorPlan.Stage("walleye", count: 60),
        SimulatorPlan.Stage("salmon", count: 60),
    ])

    private static let noise = NormalDistribution(mean: 0, standardDeviation: 0.1)
}
