package org.m2ib.clip;

/**
 * Which model made a map. Its hash goes into every derived identifier, so another model's map is
 * another object.
 *
 * @param name short name for captions, at most 64 characters (DICOM LO)
 * @param version the model's version, {@code ""} when none is stated
 * @param licence SPDX identifier or a sentence, {@code ""} when none is stated
 * @param hash SHA-256 of the model folder's files (name and content of each, in name order) as 64
 *     hexadecimal digits
 * @param warning what every output must say about this model, for example that its maps mean
 *     nothing; {@code ""} when there is nothing to say
 */
public record ModelCard(String name, String version, String licence, String hash, String warning) {}
