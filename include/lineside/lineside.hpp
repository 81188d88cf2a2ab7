#pragma once

/// Everything of Lineside's public C++ API.

#include <lineside/client.hpp>
#include <lineside/engine.hpp>
#include <lineside/pages.hpp>
#include <lineside/portal.hpp>
#include <lineside/revision.hpp>
#include <lineside/server.hpp>
#include <lineside/version.hpp>
#include <lineside/webhook_signature.hpp>
