package dev.strongroom.gateway.authz;

import java.util.List;

/**
 * Whom or what a statement is about: an element such as {@code Action}, or its {@code Not} form.
 *
 * @param sense whether the elements are meant, or all others
 */
public record Selection<E>(Sense sense, List<E> elements) {

    /** {@code Action} or {@code NotAction}, and so on. */
    public enum Sense {
        LISTED,
        ALL_BUT_LISTED
    }

    public Selection {
        elements = List.copyOf(elements);
    }

    /** What a statement selects that leaves the element out. */
    public static <E> Selection<E> nothing() {
        return new Selection<>(Sense.LISTED, List.of());
    }
}
