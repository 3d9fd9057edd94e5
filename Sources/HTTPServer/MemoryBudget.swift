/// How many bytes all requests and each client may hold, and how many they hold: a value.
struct MemoryBudget: Sendable {
    enum Excess: CaseIterable {
        case client, server
    }

    let bytesMax: Int
    /// Of one IPv4 address, or one /64 network of IPv6, so that none takes all there is.
    let bytesPerClientMax: Int
    private(set) var held = 0
    /// Only of clients that hold something.
    private(set) var heldByClient: [IPAddress: Int] = [:]

    init(bytesMax: Int, bytesPerClientMax: Int) {
        self.bytesMax = bytesMax
        self.bytesPerClientMax = bytesPerClientMax
    }

    /// - Returns: why there is no room; nil where the bytes are held from now on.
    mutating func take(_ bytes: Int, for client: IPAddress) -> Excess? {
        guard bytes <= bytesMax - held else { return .server }
        let own = heldByClient[client.host, default: 0]
        guard bytes <= bytesPerClientMax - own else { return .client }
        held += bytes
        heldByClient[client.host] = own + bytes
        return nil
    }

    mutating func giveBack(_ bytes: Int, of client: IPAddress) {
        held -= bytes
        let left = heldByClient[client.host, default: 0] - bytes
        heldByClient[client.host] = left > 0 ? left : nil
    }
}
