package org.m2ib.campaigns;

/**
 * That a person judges an item.
 *
 * @param person sign-in name
 * @param place in the person's own order, from 1
 * @param item its number
 */
public record Assignment(String person, int place, int item) {}
