@main
enum Main {
    static func main() { TareCommand.main() }
}
