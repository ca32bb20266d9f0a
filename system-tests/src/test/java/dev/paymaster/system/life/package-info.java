/** Money after it was paid: taken back, disputed, paid once more. */
@NullMarked
package dev.paymaster.system.life;

import org.jspecify.annotations.NullMarked;
