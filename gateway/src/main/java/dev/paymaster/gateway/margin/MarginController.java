package dev.paymaster.gateway.margin;

import dev.paymaster.gateway.http.Inputs;
import dev.paymaster.gateway.http.Page;
import dev.paymaster.gateway.http.PageRequest;
import dev.paymaster.gateway.http.Problem;
import dev.paymaster.gateway.margin.Margins.Figures;
import dev.paymaster.gateway.margin.Margins.LotMargin;
import dev.paymaster.gateway.margin.Margins.TierMonth;
import java.time.DateTimeException;
import java.time.YearMonth;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** What credits brought in and what they cost. */
@RestController
final class MarginController {
    private final Margins margins;
    private final Tariff tariff;

    MarginController(Margins margins, Tariff tariff) {
        this.margins = margins;
        this.tariff = tariff;
    }

    /** What a row stands for. */
    enum By {
        TIER,
        LOT
    }

    /**
     * Months and tiers, the newest month first.
     *
     * @param total of all of them
     * @param warning that the tariff can lose money; null when it can't
     */
    record Margin(
            List<TierMonth> data, Figures total, @Nullable String warning) {}

    @GetMapping("/api/admin/margin")
    Mono<Object> margin(@RequestParam MultiValueMap<String, String> query) {
        YearMonth month = month(query.getFirst("month"));
        By by = Inputs.oneOf("by", query.getFirst("by"), By.values());
        return by == By.LOT
                ? margins.byLot(month, PageRequest.of(query)).map((Page<LotMargin> page) -> page)
                : margins.byTier(month).map(this::summed);
    }

    private Margin summed(List<TierMonth> rows) {
        Figures total = rows.stream().map(TierMonth::figures).reduce(Figures.NONE, Figures::plus);
        return new Margin(rows, total, tariff.loss().orElse(null));
    }

    private static @Nullable YearMonth month(@Nullable String text) {
        try {
            return text == null ? null : YearMonth.parse(text);
        } catch (DateTimeException e) {
            throw Problem.invalidField("month", "month takes a month like 2026-11");
        }
    }
}
