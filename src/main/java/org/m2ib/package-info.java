/** Audit of CLIP-style medical models on a hospital's own stream of studies and reports. */
package org.m2ib;
