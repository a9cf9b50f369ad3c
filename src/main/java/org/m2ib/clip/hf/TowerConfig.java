package org.m2ib.clip.hf;

/**
 * Sizes that both towers have.
 *
 * @param width hidden_size
 * @param layers num_hidden_layers
 * @param heads num_attention_heads; divides the width
 * @param mlpWidth intermediate_size
 * @param activation hidden_act
 * @param epsilon layer_norm_eps
 */
record TowerConfig(
    int width, int layers, int heads, int mlpWidth, Activation activation, float epsilon) {}
