package dev.strongroom.hsm.protocol;

/** What one generation of key material is good for (AWS KMS API reference, RotationsListEntry, KeyMaterialState). */
public enum MaterialState {
    /** New ciphertexts are made under it. */
    CURRENT,
    /** Opens what was made under it. */
    NON_CURRENT,
    /** Imported; becomes current with the next rotation on demand. */
    PENDING_ROTATION,
    /** Imported into the primary Region; waits until every replica has it. */
    PENDING_MULTI_REGION_IMPORT_AND_ROTATION
}
