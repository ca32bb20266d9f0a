package dev.paymaster.stripesandbox.state;

/** Which documents of a table are meant: all, or those whose indexed field has a value. */
public sealed interface Filter {
    Filter ALL = new All();

    /** Documents with this value at a JSON pointer that {@link Kind} lists as an index. */
    static Filter field(String pointer, String value) {
        return new Field(pointer, value);
    }

    /** Every document. */
    record All() implements Filter {}

    /** Documents with a string value at a pointer. */
    record Field(String pointer, String value) implements Filter {}
}
