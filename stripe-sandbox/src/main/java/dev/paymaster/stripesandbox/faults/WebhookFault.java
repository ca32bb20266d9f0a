package dev.paymaster.stripesandbox.faults;

/** Something that goes wrong with the delivery of an event. */
public sealed interface WebhookFault {
    /** The same event, with the same id, is delivered twice. */
    record Duplicate() implements WebhookFault {}

    /** A second event with its own id is made for the same change of the same object. */
    record DuplicateWithNewId() implements WebhookFault {}

    /** The delivery waits a random time within this window, so that others overtake it. */
    record Reorder(long windowMillis) implements WebhookFault {}

    /** The delivery waits. */
    record Delay(long millis) implements WebhookFault {}

    /** The event says that it has the shapes of another API version. */
    record OtherVersion(String version) implements WebhookFault {}

    /** The event says that it is about real money. */
    record Live() implements WebhookFault {}

    /** The event is never delivered; it can be fetched from the list of events. */
    record Drop() implements WebhookFault {}
}
