import Tare

@main
enum Main {
    static func main() { runProgram() }
}
