package import ArgumentParser

/// The commands that serve, make, tell and check models.
package enum ModelCommands {
    package static let serve: any ParsableCommand.Type = ServeCommand.self
    package static let fit: any ParsableCommand.Type = FitCommand.self
    package static let specification: any ParsableCommand.Type = SpecificationCommand.self
    package static let contract: any ParsableCommand.Type = ContractCommand.self
    package static let export: any ParsableCommand.Type = ExportCommand.self
    package static let check: any ParsableCommand.Type = CheckCommand.self
}
