package dev.strongroom.gateway.admin;

import dev.strongroom.api.KmsException;
import dev.strongroom.gateway.authz.IdentityPolicy;

/** Policies that are read before they are stored. */
final class Documents {

    private Documents() {}

    /** {@code text}, which is a policy; else refuses with what is wrong with it. */
    static String require(String text, IdentityPolicy.Use use) {
        try {
            var unused = IdentityPolicy.parse(text, use);
            return text;
        } catch (KmsException e) {
            throw AdminRefusal.of(e);
        }
    }
}
