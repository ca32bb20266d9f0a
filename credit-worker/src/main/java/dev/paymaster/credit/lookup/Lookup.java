package dev.paymaster.credit.lookup;

import java.util.Locale;

/**
 * Something to be looked up.
 *
 * @param id {@code cus_…}, {@code in_…}; {@code pi_…} or {@code ch_…}
 */
public record Lookup(Kind kind, String id) {

    /** What is not known. */
    public enum Kind {
        /** Whose customer it is. */
        CUSTOMER,
        /** All lines of an invoice. */
        INVOICE,
        /** What a payment paid for. */
        PAYMENT;

        String column() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Kind ofColumn(String column) {
            return valueOf(column.toUpperCase(Locale.ROOT));
        }
    }
}
