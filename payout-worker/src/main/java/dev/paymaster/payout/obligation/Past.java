package dev.paymaster.payout.obligation;

import java.util.ArrayList;
import java.util.List;

/**
 * What has become of a payout's earlier transfers.
 *
 * @param takenBack the transfers that were wholly taken back before the payout was to be made once more
 * @param recalls the number in the latest idempotency key with which a transfer was to be taken back; 0: there was none
 */
public record Past(List<String> takenBack, int recalls) {
    public static final Past NONE = new Past(List.of(), 0);

    public Past {
        takenBack = List.copyOf(takenBack);
        if (recalls < 0) {
            throw new IllegalArgumentException("recalls are counted from 0");
        }
    }

    /** Whether a transfer counts no more. */
    public boolean tookBack(String transferId) {
        return takenBack.contains(transferId);
    }

    Past without(String transferId) {
        List<String> more = new ArrayList<>(takenBack);
        more.add(transferId);
        return new Past(more, recalls);
    }

    Past recalling() {
        return new Past(takenBack, recalls + 1);
    }
}
