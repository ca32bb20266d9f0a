/** Tables of what receivers earn: what happens at Stripe, in whatever order it is told, and who is paid what of it. */
@NullMarked
package dev.paymaster.system.earning;

import org.jspecify.annotations.NullMarked;
