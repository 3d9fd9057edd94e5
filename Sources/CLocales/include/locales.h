// Nothing for Swift: ICU finds the data by its own name.
#pragma once
