/// What a stage needs of the process around it. Every stage has its own clock and client; the words go to one place.
package struct StageConnections {
    package var clock: any StreamClock
    /// Not needed where the role asks no model server.
    package var client: (any ModelClient)?
    package var say: Say
    /// Is told what happens, on the stage's own thread.
    package var observer: RunObserver?

    /// Takes a line, and the name of the request to the model server that it is about.
    package typealias Say = @Sendable (_ text: String, _ request: String?) -> Void

    package init(clock: any StreamClock, client: (any ModelClient)?, say: @escaping Say, observer: RunObserver? = nil) {
        self.clock = clock
        self.client = client
        self.say = say
        self.observer = observer
    }
}
